import { answerKeys } from './answers.ts';
import { tenancyKeys } from './tenancy.ts';

/** What profiles set of core. */
export const coreProfileKeys = [...tenancyKeys, ...answerKeys];
