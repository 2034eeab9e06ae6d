"""Pure language: text, labels, addresses, breadcrumbs, differences. Knows records and nothing above them."""
