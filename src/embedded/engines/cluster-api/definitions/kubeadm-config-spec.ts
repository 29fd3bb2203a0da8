import type { Schema } from '../../define-crd.ts';
import { count, filled, flag, list, object, oneOf, openObject, some } from './schema-parts.ts';

const command = { type: 'string', minLength: 1, maxLength: 10_240 } as const;
const commands = list(command, 1000);
const secretKey = object({ secret: object({ key: filled(256), name: filled(253) }, ['key', 'name']) }, ['secret']);

const file = object(
  {
    append: flag,
    content: filled(10_240),
    contentFormat: oneOf('Raw', 'Template'),
    contentFrom: secretKey,
    encoding: oneOf('base64', 'gzip', 'gzip+base64'),
    owner: filled(256),
    path: filled(512),
    permissions: filled(16),
  },
  ['path'],
);

const user = object(
  {
    gecos: filled(256),
    groups: filled(256),
    homeDir: filled(256),
    inactive: flag,
    lockPassword: flag,
    name: filled(256),
    passwd: filled(256),
    passwdFrom: secretKey,
    primaryGroup: filled(256),
    shell: filled(256),
    sshAuthorizedKeys: {
      type: 'array',
      items: filled(2048),
      maxItems: 100,
      'x-kubernetes-list-type': 'atomic',
    },
    sudo: filled(256),
  },
  ['name'],
);

/**
 * How kubeadm makes nodes of machines. What is read and written by people is spelled out; the configuration of
 * components, which nothing simulated reads, is kept as it comes.
 */
export const kubeadmConfigSpec: Schema = some({
  bootCommands: commands,
  clusterConfiguration: openObject,
  diskSetup: openObject,
  files: list(file, 200),
  format: oneOf('cloud-config', 'ignition'),
  ignition: openObject,
  initConfiguration: openObject,
  joinConfiguration: openObject,
  mounts: list({ type: 'array', items: filled(512), maxItems: 100, minItems: 1 }, 100),
  ntp: some({
    enabled: flag,
    servers: { type: 'array', items: filled(512), maxItems: 100, 'x-kubernetes-list-type': 'atomic' },
  }),
  postKubeadmCommands: commands,
  preKubeadmCommands: commands,
  users: list(user, 100),
  verbosity: count,
});
