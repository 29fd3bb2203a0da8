import { labelInputName } from 'longshore/plugins/core';
import {
  type InputFieldBuilder,
  type InputTypeRef,
  inputRef,
  type LongshoreBuilder,
  named,
  registerEnum,
} from 'longshore/sdk';
import type {
  IngressBackendForm,
  IngressPathForm,
  IngressRuleForm,
  IngressTlsForm,
} from '../../services/ingresses/ingress-form.ts';

const pathRef: InputTypeRef<IngressPathForm> = inputRef<IngressPathForm>('IngressPathInput');
const ruleRef: InputTypeRef<IngressRuleForm> = inputRef<IngressRuleForm>('IngressRuleInput');
const backendRef: InputTypeRef<IngressBackendForm> = inputRef<IngressBackendForm>('IngressBackendInput');
const tlsRef: InputTypeRef<IngressTlsForm> = inputRef<IngressTlsForm>('IngressTlsInput');

/** What the forms for Ingresses are made of (NET-10). */
export function registerIngressInputs(builder: LongshoreBuilder): void {
  registerEnum(builder, 'IngressPathType', 'How a path of an Ingress is compared.', {
    PREFIX: 'Part by part from the beginning.',
    EXACT: 'As a whole, capitals and small letters apart.',
    IMPLEMENTATION_SPECIFIC: 'As the controller does.',
  });
  const backend = (t: InputFieldBuilder) => ({
    serviceName: t.string({
      required: true,
      description: 'Name of the Service in the same namespace, which must be there.',
    }),
    servicePort: t.field({
      type: 'IntOrString',
      required: true,
      description: 'Its port by number or name, which it must have.',
    }),
  });
  builder.inputType('IngressBackendInput', { description: 'The Service that requests are led to.', fields: backend });
  builder.inputType('IngressPathInput', {
    description: 'Requests to a path, and the Service that they are led to.',
    fields: (t) => ({
      path: t.string({ description: 'The path, beginning with `/`; `/` where none is given.' }),
      pathType: t.field({
        type: named('IngressPathType'),
        description: 'How it is compared; PREFIX where nothing is said.',
      }),
      ...backend(t),
    }),
  });
  builder.inputType('IngressRuleInput', {
    description: 'Requests to a host, by their paths.',
    fields: (t) => ({
      host: t.string({ description: 'The host, e.g. `shop.example` or `*.shop.example`; any where none is given.' }),
      paths: t.field({ type: [pathRef], required: true, description: 'Its paths, at least one.' }),
    }),
  });
  builder.inputType('IngressTlsInput', {
    description: 'Hosts that are served by TLS, and with which certificate.',
    fields: (t) => ({
      hosts: t.stringList({ description: 'The hosts; all of the Ingress where none is given.' }),
      secretName: t.string({
        required: true,
        description:
          'Name of the Secret of type `kubernetes.io/tls` with the certificate, in the same namespace; it must be there.',
      }),
    }),
  });
}

/** What making and changing an Ingress have in common. */
export function ingressFields(t: InputFieldBuilder) {
  return {
    className: t.string({
      description: 'Which controller serves it; the default one of the cluster where none is given.',
    }),
    rules: t.field({ type: [ruleRef], description: 'Which requests lead where, by host and path; all of them.' }),
    defaultBackend: t.field({ type: backendRef, description: 'Where requests lead that no rule is for.' }),
    tls: t.field({ type: [tlsRef], description: 'Which hosts are served by TLS; all of them.' }),
    description: t.string({ description: 'What it is for, by the rule `description.text` of the profile.' }),
    application: t.string({
      description: 'Application that it becomes part of: the label that the profile names (`label.application`).',
    }),
    labels: t.field({ type: [labelInputName as never], description: 'Labels to give it.' }),
    annotations: t.field({ type: [labelInputName as never], description: 'Annotations to give it.' }),
  };
}
