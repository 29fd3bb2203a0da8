import type { ServiceObject } from 'longshore/plugins/compute';

type Seen = Pick<ServiceObject, 'metadata' | 'spec' | 'status'>;

/** How a list shows ports (NET-12): `80->8080 / TCP`, with the port of the nodes behind it where there is one. */
export function portMappingsOfService({ spec }: Seen): string[] {
  return (spec?.ports ?? []).map(({ port, targetPort, protocol = 'TCP', nodePort }) => {
    const node = nodePort ? ` (node ${nodePort})` : '';
    return `${port}->${targetPort || port} / ${protocol}${node}`;
  });
}

/** The one address that a list shows (NET-09, NET-12): that of the load balancer, else the private one; undefined until it has one. */
export function accessAddressOf({ spec, status }: Seen): string | undefined {
  if (spec?.type === 'ExternalName') return spec.externalName || undefined;
  const [entry] = status?.loadBalancer?.ingress ?? [];
  const outside = spec?.type === 'LoadBalancer' ? (entry?.ip ?? entry?.hostname) : undefined;
  return outside ?? (spec?.clusterIP === 'None' ? undefined : spec?.clusterIP || undefined);
}

/** Its name in DNS (NET-09); every cluster may have a domain of its own. */
export const dnsNameOf = ({ metadata }: Seen, domain: string): string =>
  `${metadata.name}.${metadata.namespace}.svc${domain === '' ? '' : `.${domain}`}`;
