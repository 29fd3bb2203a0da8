import { formatAge } from '../../machinery/format-age.ts';
import { asObject, asString, ensureObject, isEqualJson } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { ageColumn, booleanColumn, nameColumn, textColumn } from '../tables/columns.ts';
import { problemsOfQualifiedName } from '../validation/names.ts';

/** That a volume is, or shall be, at a node. */
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
    returnsDeleted: true,
    setDefaults: (draft) => void ensureObject(draft, 'spec'),
    prepareForCreate(draft) {
      draft.status = { attached: false };
    },
    validate(draft, errors) {
      const spec = asObject(draft.spec) ?? {};
      const attacher = asString(spec.attacher) ?? '';
      if (attacher === '') errors.required('spec.attacher');
      else errors.eachInvalid('spec.attacher', attacher, problemsOfQualifiedName(attacher.toLowerCase()));
      const source = asObject(spec.source) ?? {};
      if (source.inlineVolumeSpec === undefined && source.persistentVolumeName === undefined) {
        errors.required('spec.source', 'must specify exactly one of inlineVolumeSpec and persistentVolumeName');
      }
      if ((spec.nodeName ?? '') === '') errors.required('spec.nodeName');
    },
    validateUpdate(draft, current, errors) {
      if (!isEqualJson(draft.spec, current.spec)) errors.invalid('spec', draft.spec, 'field is immutable');
    },
    table: {
      columns: [
        nameColumn,
        { ...textColumn('Attacher', 'The driver that attaches.'), format: 'name' },
        textColumn('PV', 'The volume.'),
        textColumn('Node', 'The node it is attached to.'),
        booleanColumn('Attached', 'Whether it is there.'),
        ageColumn,
      ],
      cells(attachment, nowMs) {
        const spec = asObject(attachment.spec) ?? {};
        return [
          attachment.metadata.name,
          spec.attacher,
          asObject(spec.source)?.persistentVolumeName ?? '',
          spec.nodeName,
          asObject(attachment.status)?.attached === true,
          formatAge(attachment.metadata.creationTimestamp, nowMs),
        ];
      },
    },
  },
);
