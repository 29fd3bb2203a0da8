import { appServiceKeys } from './app-services.ts';
import { orderKeys } from './orders.ts';
import { templateExampleKeys } from './template-examples.ts';
import { templateKeys } from './templates.ts';

/** What platforms say of releases. */
export const releaseProfileKeys = [...appServiceKeys, ...orderKeys, ...templateKeys, ...templateExampleKeys];
