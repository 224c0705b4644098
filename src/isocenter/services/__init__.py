"""The jobs of the platform, one module per noun; they know neither HTTP, argv nor settings."""
