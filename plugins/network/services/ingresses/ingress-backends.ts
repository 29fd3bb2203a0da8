/** Where an Ingress leads to, and the place of that in its manifest. */
export interface IngressBackend {
  /** The Service's name. */
  readonly service: string;
  /** Its port by number or name; undefined where none is given. */
  readonly port: number | string | undefined;
  readonly place: readonly (string | number)[];
}

interface Backend {
  readonly service?: {
    readonly name?: string;
    readonly port?: { readonly number?: number; readonly name?: string };
  };
}

/** What is read of an Ingress; of text it may be anything that the cluster's schema lets through. */
export interface SeenIngress {
  readonly spec?: {
    readonly defaultBackend?: Backend;
    readonly ingressClassName?: string;
    readonly rules?: readonly {
      readonly host?: string;
      readonly http?: {
        readonly paths?: readonly { readonly path?: string; readonly pathType?: string; readonly backend?: Backend }[];
      };
    }[];
    readonly tls?: readonly { readonly hosts?: readonly string[]; readonly secretName?: string }[];
  };
}

/** Services that an Ingress leads to, each as often as it is named; the default backend last. */
export function ingressBackends({ spec }: SeenIngress): readonly IngressBackend[] {
  const rules = (spec?.rules ?? []).flatMap(({ http }, rule) =>
    (http?.paths ?? []).flatMap(({ backend }, path) =>
      toBackend(backend, ['spec', 'rules', rule, 'http', 'paths', path, 'backend']),
    ),
  );
  return [...rules, ...toBackend(spec?.defaultBackend, ['spec', 'defaultBackend'])];
}

function toBackend(backend: Backend | undefined, place: IngressBackend['place']): readonly IngressBackend[] {
  const { name, port } = backend?.service ?? {};
  return name ? [{ service: name, port: port?.number ?? port?.name, place }] : [];
}
