"""The way through a portal: links, the trail, breadcrumbs, paging. Pure functions; no Scrapy."""
