import { type ServiceRef, serviceRef } from 'longshore/sdk';
import type { InitializeOptions } from './initialize-order.ts';

/** What the loop that plans orders needs of the gateway: a manifest is data. */
export const initializationRef: ServiceRef<InitializeOptions> = serviceRef<InitializeOptions>('release.initialization');
