# What the overlays in OBS say.
