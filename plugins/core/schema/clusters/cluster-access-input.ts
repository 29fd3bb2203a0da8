import { type InputTypeRef, inputRef, type LongshoreBuilder, registerEnum } from 'longshore/sdk';
import type { ClusterAccessInput } from '../../services/clusters/read-access.ts';

export const clusterAccessInputRef: InputTypeRef<ClusterAccessInput> =
  inputRef<ClusterAccessInput>('ClusterAccessInput');
const kubeconfigInputRef = inputRef<NonNullable<ClusterAccessInput['kubeconfig']>>('KubeconfigInput');
const tokenInputRef = inputRef<NonNullable<ClusterAccessInput['token']>>('ClusterTokenInput');

export function registerClusterAccessInput(builder: LongshoreBuilder): void {
  registerEnum(builder, 'ClusterIdentity', 'Whom a cluster sees where the gateway writes or reads anew.', {
    GATEWAY: 'The gateway itself.',
    IMPERSONATE: 'The caller, by impersonation: the credentials must be allowed to impersonate.',
  });
  builder.inputType('KubeconfigInput', {
    description: 'A kubeconfig. Only its one context is kept; text that names files, programs or proxies is refused.',
    fields: (t) => ({
      text: t.string({ required: true, description: 'Its text, YAML or JSON, up to 256 KiB.' }),
      context: t.string({ description: 'The context that is meant; its current one where absent.' }),
    }),
  });
  builder.inputType('ClusterTokenInput', {
    description: 'A bearer token, e.g. of a service account in the cluster: nothing has to be installed there.',
    fields: (t) => ({
      server: t.string({ required: true, description: 'Address of the API server, `https://…`.' }),
      certificateAuthority: t.string({
        description: 'PEM: the authority that its certificate is of; those that the system trusts where absent.',
      }),
      token: t.string({ required: true, description: 'The token. It is sealed and never answered.' }),
    }),
  });
  builder.inputType('ClusterAccessInput', {
    description: 'How the gateway reaches a cluster.',
    isOneOf: true,
    fields: (t) => ({
      kubeconfig: t.field({ type: kubeconfigInputRef, description: 'By a kubeconfig with credentials in it.' }),
      token: t.field({ type: tokenInputRef, description: 'By an address and a bearer token.' }),
      inCluster: t.boolean({
        description: 'True: the cluster that the gateway itself runs in, as the service account of its pod.',
      }),
    }),
  });
}
