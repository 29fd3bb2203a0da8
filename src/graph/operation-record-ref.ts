import type { OperationRecord } from '../audit/operation-records.ts';
import { type TypeRef, typeRef } from './builder.ts';

/** Type `OperationRecord`: implemented by the core plugin. */
export const operationRecordRef: TypeRef<OperationRecord> = typeRef<OperationRecord>('OperationRecord');
