"""All that knows the inside of Scrapy: who is asked, when, how often, and what came over the wire."""
