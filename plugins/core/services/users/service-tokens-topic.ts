import { topicRef } from 'longshore/sdk';
import type { ServiceTokenNode } from './users-service.ts';

/** Service tokens as they are made and revoked; never the tokens themselves. */
export const serviceTokensTopic = topicRef<ServiceTokenNode>('core.serviceTokens');
