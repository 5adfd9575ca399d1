"""What a network looks at, and how it lays pictures out: asked of the engine."""
