"""Alerts on screen: the list and one alert with its why-path."""
