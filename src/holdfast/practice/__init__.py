"""Practice packs: the severity ladder, clocks, roles and triggers that an organisation works by."""
