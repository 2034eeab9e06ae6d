"""The XSLT that writes the words of an element with marks for its blocks, tables, rows and cells.

What stands raised or lowered keeps its digits as such signs, as does the number of a note that leads to it on the page,
so that they are none of a number beside them. A table's first head stands first and its first foot last, as a browser
shows them.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

PRE, PRE_END = "\ufdd7", "\ufdd8"
"""Around preformatted text, where a line is a paragraph; resolved by `marked`, never in what it gives."""

# No test stands in a match pattern: libxslt 1.1.43 crashes on two of them in a row, the second of the value
# (`*[contains(@style, …)][string-length() < 300]`), where the walk begins below the root of the tree.
TRANSFORM: Any = etree.XSLT(
    etree.XML("""<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:output method="text" encoding="utf-8"/>
<xsl:template match="script|style|noscript|select|input|button|textarea|iframe|object|embed|head|template|audio|video
  |del|s|strike|rt|rp|rtc"/>
<xsl:template match="sup"><xsl:value-of select="translate(., '0123456789',
  '\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079')"/></xsl:template>
<xsl:template match="sub"><xsl:value-of select="translate(., '0123456789',
  '\u2080\u2081\u2082\u2083\u2084\u2085\u2086\u2087\u2088\u2089')"/></xsl:template>
<xsl:template match="a"><xsl:choose>
  <xsl:when test="starts-with(@href, '#') and string-length(@href) &gt; 1 and string-length(.) &lt; 3
    and number(.) &gt; 0"><xsl:value-of select="translate(., '0123456789',
  '\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079')"/></xsl:when>
  <xsl:otherwise><xsl:apply-templates/></xsl:otherwise></xsl:choose></xsl:template>
<xsl:template match="br">\ufdd0</xsl:template>
<xsl:template match="pre">\ufdd0\ufdd7<xsl:apply-templates/>\ufdd8\ufdd0</xsl:template>
<xsl:template match="p|div|h1|h2|h3|h4|h5|h6|ul|ol|li|dl|dt|dd|section|article|header|footer|nav|aside|blockquote
  |center|form|fieldset|hr|tr|td|th|caption|tbody|thead|tfoot|address|figure|figcaption"
  >\ufdd0<xsl:apply-templates/>\ufdd0</xsl:template>
<xsl:template match="table"><xsl:choose>
  <xsl:when test="descendant::table[1]">\ufdd0<xsl:apply-templates/>\ufdd0</xsl:when>
  <xsl:when test="thead[1]/preceding-sibling::tbody or thead[1]/preceding-sibling::tr
    or tfoot[1]/following-sibling::tbody or tfoot[1]/following-sibling::tr"
    >\ufdd1<xsl:apply-templates select="caption" mode="grid"/><xsl:apply-templates select="thead[1]" mode="grid"
    /><xsl:apply-templates select="*[not(self::caption or self::thead or self::tfoot)]|thead[position() &gt; 1]
    |tfoot[position() &gt; 1]" mode="grid"/><xsl:apply-templates select="tfoot[1]" mode="grid"
    />\ufdd2</xsl:when>
  <xsl:otherwise>\ufdd1<xsl:apply-templates mode="grid"/>\ufdd2</xsl:otherwise></xsl:choose></xsl:template>
<xsl:template match="text()" mode="grid"/>
<xsl:template match="script|style" mode="grid"/>
<xsl:template match="caption" mode="grid">\ufdd3\ufdd4<xsl:apply-templates/>\ufdd5</xsl:template>
<xsl:template match="tr" mode="grid">\ufdd3<xsl:apply-templates mode="grid"/></xsl:template>
<xsl:template match="td|th" mode="grid">\ufdd4<xsl:if test="@colspan &gt; 1 or @rowspan &gt; 1"><xsl:value-of
  select="concat(@colspan, ',', @rowspan)"/></xsl:if>\ufdd4<xsl:apply-templates/>\ufdd5</xsl:template>
</xsl:stylesheet>""")
)
