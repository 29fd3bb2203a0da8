import type { NetworkMode } from 'longshore/plugins/compute';

interface PodParts {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> | undefined } | undefined;
  readonly spec?:
    | {
        readonly hostNetwork?: boolean | undefined;
        readonly containers?: readonly {
          readonly ports?: readonly { readonly hostPort?: number | undefined }[] | undefined;
        }[];
      }
    | undefined;
}

/**
 * The mode of a pod or of what pods are made of: its node's network, an address that was chosen for it, ports of its node that lead to
 * it, or an address of the overlay like everybody's. The engine writes its own address on every pod, so that a chosen one shows only in
 * what pods are made of, in `ip_pool`, or where the engine has not allocated yet. Pure.
 */
export function networkModeOf({ metadata, spec }: PodParts): NetworkMode {
  if (spec?.hostNetwork === true) return 'HOST';
  const { annotations = {} } = metadata ?? {};
  const isAllocated = annotations['ovn.kubernetes.io/allocated'] === 'true';
  if (annotations['ovn.kubernetes.io/ip_pool']) return 'FLOATING_IP';
  if (annotations['ovn.kubernetes.io/ip_address'] && !isAllocated) return 'FLOATING_IP';
  const ports = (spec?.containers ?? []).flatMap((container) => container.ports ?? []);
  return ports.some(({ hostPort }) => hostPort !== undefined && hostPort > 0) ? 'NAT' : 'OVERLAY';
}

/** What the pods of a workload are made of; undefined for what is none. */
export function podPartsOf(workload: object): PodParts | undefined {
  const { spec } = workload as {
    readonly spec?: {
      readonly template?: PodParts;
      readonly jobTemplate?: { readonly spec?: { readonly template?: PodParts } };
    };
  };
  return spec?.template ?? spec?.jobTemplate?.spec?.template;
}
