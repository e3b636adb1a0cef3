// Loads the npm packages, which local-dev/test-browser installs outside of the repository.

import { createRequire } from 'node:module';
import path from 'node:path';

export const tools = createRequire(path.join(process.env.BROWSER_TOOLS, 'package.json'));
