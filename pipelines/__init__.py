"""What happens to a page once it is here, one stage a module."""
