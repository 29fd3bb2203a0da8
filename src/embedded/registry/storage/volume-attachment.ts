import { asObject, isEqualJson } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';

export const volumeAttachments = defineResource(
  {
    group: 'storage.k8s.io',
    version: 'v1',
    kind: 'VolumeAttachment',
    plural: 'volumeattachments',
    isClusterScoped: true,
    subresources: ['status'],
  },
  {
    prepareForCreate(draft) {
      draft.status = { attached: false };
    },
    validate(draft, errors) {
      const spec = asObject(draft.spec) ?? {};
      for (const field of ['attacher', 'nodeName']) if ((spec[field] ?? '') === '') errors.required(`spec.${field}`);
      const source = asObject(spec.source) ?? {};
      if (source.persistentVolumeName === undefined && source.inlineVolumeSpec === undefined) {
        errors.required('spec.source', 'must specify exactly one of inlineVolumeSpec and persistentVolumeName');
      }
    },
    validateUpdate(draft, current, errors) {
      if (!isEqualJson(draft.spec, current.spec)) errors.invalid('spec', draft.spec, 'field is immutable');
    },
  },
);
