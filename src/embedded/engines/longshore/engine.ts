import type { EmbeddedEngine } from '../engine.ts';
import { releaseOrderDefinition } from './release-orders.ts';

/** What an administrator installs of `deploy/crds/`. Its controllers are the gateway's own loops. */
export const longshoreEngine: EmbeddedEngine = { name: 'longshore', objects: [releaseOrderDefinition] };
