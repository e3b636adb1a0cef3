// The accessibility of the panel in light colours.

import { journey } from '../journey.mjs';
import { accessibleIn } from '../panel-accessible.mjs';

journey('the panel is accessible in light colours, narrow or wide', how => accessibleIn('light', how));
