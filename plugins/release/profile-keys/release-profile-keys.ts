import { orderKeys } from './orders.ts';

/** What platforms say of releases. */
export const releaseProfileKeys = [...orderKeys];
