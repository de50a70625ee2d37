"""Panels that need more than a short declaration, each a module; ``widgets`` offers them by name."""
