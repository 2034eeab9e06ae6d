"""The facts about a report: title, organ, region, year, dates."""
