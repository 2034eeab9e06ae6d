"""The spiders: where a crawl starts and which request follows from which page."""
