"""What travels through the program: captures, pages, reports, ways, problems, errors."""
