import { orderKeys } from './orders.ts';
import { templateKeys } from './templates.ts';

/** What platforms say of releases. */
export const releaseProfileKeys = [...orderKeys, ...templateKeys];
