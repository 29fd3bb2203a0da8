import { notAcceptable } from './status-error.ts';

export type ObjectForm = 'object' | 'table' | 'metadata';

/** What the client asked to see, from its Accept header. */
export interface Accepted {
  readonly format: 'json' | 'yaml';
  readonly form: ObjectForm;
  /** Discovery documents of all groups at once. */
  readonly isAggregated?: true;
}

const forms: Readonly<Record<string, ObjectForm>> = {
  Table: 'table',
  PartialObjectMetadata: 'metadata',
  PartialObjectMetadataList: 'metadata',
};

/** The first acceptable alternative wins; protobuf and CBOR are passed over. Throws `StatusError` 406. */
export function negotiate(accept: string | undefined, isDiscovery = false): Accepted {
  const alternatives = (accept ?? '').trim() === '' ? ['application/json'] : (accept ?? '').split(',');
  for (const alternative of alternatives) {
    const [type = '', ...rest] = alternative.split(';').map((part) => part.trim());
    const format = formatOf(type);
    if (format === undefined) continue;
    const parameters = new Map(rest.map((part) => [part.split('=', 1)[0] ?? '', part.slice(part.indexOf('=') + 1)]));
    const as = parameters.get('as');
    if (as === undefined) return { format, form: 'object' };
    const version = parameters.get('v');
    if (as === 'APIGroupDiscoveryList' && parameters.get('g') === 'apidiscovery.k8s.io') {
      if (version === 'v2') return { format, form: 'object', isAggregated: true };
      continue;
    }
    const form = forms[as];
    if (form !== undefined && parameters.get('g') === 'meta.k8s.io' && version === 'v1') return { format, form };
  }
  throw notAcceptable(isDiscovery, ['application/json', 'application/yaml']);
}

function formatOf(type: string): Accepted['format'] | undefined {
  if (type === 'application/json' || type === '*/*' || type === 'application/*') return 'json';
  return type === 'application/yaml' || type === 'text/yaml' ? 'yaml' : undefined;
}
