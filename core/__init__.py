"""The lessons of Receptive: arithmetic, images, presets, exports and the pages' furniture."""
