import type { AppService } from '../../api.ts';
import { serviceLabel } from '../../engines/engine.ts';
import type { AccessSpec } from './version-spec.ts';

const types = {
  CLUSTER_IP: 'ClusterIP',
  HEADLESS: 'ClusterIP',
  NODE_PORT: 'NodePort',
  LOAD_BALANCER: 'LoadBalancer',
} as const;

/** The Service (core/v1) of one access setting: it leads to the pods of all versions. Pure. */
export function serviceManifestOf(
  { namespace, name }: Pick<AppService, 'namespace' | 'name'>,
  access: AccessSpec,
  applicationLabels: Readonly<Record<string, string>>,
): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: access.name, namespace, labels: { ...applicationLabels, [serviceLabel]: name } },
    spec: {
      type: types[access.type],
      ...(access.type === 'HEADLESS' ? { clusterIP: 'None' } : {}),
      selector: { [serviceLabel]: name },
      ports: access.ports.map(({ name: port, protocol, port: number, targetPort, nodePort }) => ({
        ...(port === '' ? {} : { name: port }),
        protocol,
        port: number,
        targetPort,
        ...(nodePort === null ? {} : { nodePort }),
      })),
    },
  };
}
