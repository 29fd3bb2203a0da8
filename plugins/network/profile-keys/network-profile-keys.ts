import { serviceKeys } from './services.ts';

/** What platforms say of the network. */
export const networkProfileKeys = [...serviceKeys];
