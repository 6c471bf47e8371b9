"""The practice pack that an organisation works by."""
