import { z } from 'zod';
import { setting } from './setting.ts';
import { choiceSetting, labelName, pathSetting } from './setting-kinds.ts';

const serviceAccountNames = setting(
  z.array(labelName('Name of a service account.')).default([]),
  'Service accounts that pods made by this role may run as, besides `default`.',
  { allowed: 'a list of service account names' },
);

const kindName = setting(
  z.string().regex(/^([a-z0-9.-]+\/)?[A-Z][A-Za-z0-9]*$/),
  'A kind, with its group unless that is the core group.',
  {
    allowed: 'a kind such as Service or apps/Deployment',
  },
);

/** One Kubernetes cluster that the gateway serves. */
export const clusterSettings = z.strictObject({
  name: labelName('Name of the cluster, unique in this installation.'),
  kubeconfig: pathSetting('Kubeconfig file to reach it with.').optional(),
  context: setting(z.string().min(1).optional(), 'Context in the kubeconfig; its current context where absent.', {
    allowed: 'the name of a context',
  }),
  inCluster: setting(z.boolean().default(false), "Use the service account of the gateway's own pod.", {
    allowed: 'true or false',
  }),
  identity: choiceSetting(
    "Whom the cluster sees: the gateway's own identity, or the caller by impersonation.",
    ['gateway', 'impersonate'],
    { default: 'gateway' },
  ).default('gateway'),
  profile: setting(
    z.string().min(1).optional(),
    "Profile of limits, name rules and switches; absent: the platform's.",
    {
      allowed: 'the name of a profile',
    },
  ),
  namespaces: setting(
    z.array(labelName('Name of a namespace.')).default([]),
    'Namespaces the gateway may look at, where its own rights end there; empty: all of them.',
    { allowed: 'a list of namespace names' },
  ),
  serviceAccounts: setting(
    z.strictObject({ ADMIN: serviceAccountNames.optional(), DEVELOPER: serviceAccountNames.optional() }).default({}),
    'Service accounts that pods of a role may run as, besides `default`.',
    { allowed: 'a map from ADMIN or DEVELOPER to a list of service account names' },
  ),
  applyKinds: setting(
    z.array(kindName).optional(),
    "Kinds that developers may apply as YAML under the gateway's identity; absent: the built-in list.",
    { allowed: 'a list of kinds such as Service or apps/Deployment' },
  ),
});
