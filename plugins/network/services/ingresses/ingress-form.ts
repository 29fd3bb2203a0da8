import type { LabelForm, Maybe } from '../services/service-form.ts';

export interface IngressBackendForm {
  readonly serviceName: string;
  /** By number or by name. */
  readonly servicePort: number | string;
}

export interface IngressPathForm extends IngressBackendForm {
  readonly path?: Maybe<string>;
  readonly pathType?: Maybe<string>;
}

export interface IngressRuleForm {
  readonly host?: Maybe<string>;
  readonly paths: readonly IngressPathForm[];
}

export interface IngressTlsForm {
  readonly hosts?: Maybe<readonly string[]>;
  readonly secretName: string;
}

export interface IngressForm {
  readonly className?: Maybe<string>;
  readonly rules?: Maybe<readonly IngressRuleForm[]>;
  readonly defaultBackend?: Maybe<IngressBackendForm>;
  readonly tls?: Maybe<readonly IngressTlsForm[]>;
  readonly description?: Maybe<string>;
  readonly application?: Maybe<string>;
  readonly labels?: Maybe<readonly LabelForm[]>;
  readonly removeLabels?: Maybe<readonly string[]>;
  readonly annotations?: Maybe<readonly LabelForm[]>;
  readonly removeAnnotations?: Maybe<readonly string[]>;
}
