"""One module a command of `nianbao`, and what they share."""
