// The accessibility of the panel in dark colours.

import { journey } from '../journey.mjs';
import { accessibleIn } from '../panel-accessible.mjs';

journey('the panel is accessible in dark colours, narrow or wide', how => accessibleIn('dark', how));
