"""What knows neither Qt nor SQL nor customers: errors, clock, dates, values, texts, documents."""
