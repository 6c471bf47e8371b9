"""The integrations that come with Holdfast: one file each, found by walking this package."""
