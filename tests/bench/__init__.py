"""Speed, memory and size beside a bare crawl: `python -m tests.bench` (make bench)."""
