/** One object of the sample with the resource it belongs to. */
export interface SampleObject {
  readonly group: string;
  readonly plural: string;
  readonly object: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: {
      readonly name: string;
      readonly namespace?: string;
      readonly labels?: Readonly<Record<string, string>>;
      readonly annotations?: Readonly<Record<string, string>>;
    };
    readonly [field: string]: unknown;
  };
}

/** What the pods of the sample may do: nothing but their work. */
export const restricted = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
} as const;

/** The labels Kubernetes recommends for the parts of an application. */
export function partLabels(application: string, component: string): Readonly<Record<string, string>> {
  return {
    'app.kubernetes.io/name': application,
    'app.kubernetes.io/component': component,
    'app.kubernetes.io/part-of': application,
  };
}

/** The labels a selector uses: few, because a selector can never be changed. */
export function selectorLabels(application: string, component: string): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/name': application, 'app.kubernetes.io/component': component };
}
