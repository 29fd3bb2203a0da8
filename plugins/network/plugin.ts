import { declareKind, definePlugin } from 'longshore/sdk';
import { endpointSliceKind, networkPolicyKind } from './api.ts';
import { networkPermissions } from './permissions.ts';
import { networkProfileKeys } from './profile-keys/network-profile-keys.ts';
import { ingressWarnings } from './schema/ingresses/create-ingress.ts';
import { registerIngresses } from './schema/ingresses/register-ingresses.ts';
import { registerServices } from './schema/services/register-services.ts';
import { ingressManifestCheck } from './services/ingresses/ingress-manifest-check.ts';
import { endpointSliceIndexes } from './services/services/endpoints-of-service.ts';
import { serviceDeletionCheck } from './services/services/service-deletion-check.ts';
import { serviceManifestCheck } from './services/services/service-manifest-check.ts';
import { vpcWorkspaceKinds } from './services/vpc/vpc-workspace-kinds.ts';

/** How pods are reached, and what they reach. Without it Services are shown, but not made. */
export const networkPlugin = definePlugin({
  name: 'network',
  version: '1.0.0',
  description: 'How pods are reached, and what they reach.',
  requires: { core: '^1', compute: '^1' },
  kinds: [
    declareKind({ kind: networkPolicyKind }),
    declareKind({ kind: endpointSliceKind, indexes: endpointSliceIndexes }),
  ],
  permissions: networkPermissions,
  workspaceKinds: [...vpcWorkspaceKinds],
  manifestChecks: [
    // Services
    serviceManifestCheck,
    ingressManifestCheck,
  ],
  deletionChecks: [
    // Services
    serviceDeletionCheck,
  ],
  schema: [
    // Services
    registerServices,
    registerIngresses,
  ],
  warnings: { ...ingressWarnings },
  profileKeys: networkProfileKeys,
  profiles: new URL('./profiles', import.meta.url).href,
});
