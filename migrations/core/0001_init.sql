CREATE SEQUENCE "core_fences" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;
--> statement-breakpoint
CREATE TABLE "core_idempotency_keys" (
	"principal_id" text NOT NULL,
	"mutation" text NOT NULL,
	"key" text NOT NULL,
	"input_hash" text NOT NULL,
	"operation_id" uuid NOT NULL,
	"result_type" text,
	"result_id" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "core_idempotency_keys_principal_id_mutation_key_pk" PRIMARY KEY("principal_id","mutation","key")
);
--> statement-breakpoint
CREATE TABLE "journal" (
	"stream" text NOT NULL,
	"position" bigint NOT NULL,
	"payload" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "journal_stream_position_pk" PRIMARY KEY("stream","position")
);
--> statement-breakpoint
CREATE TABLE "journal_streams" (
	"name" text PRIMARY KEY NOT NULL,
	"head" bigint NOT NULL,
	"epoch" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "core_leases" (
	"name" text PRIMARY KEY NOT NULL,
	"holder" text NOT NULL,
	"fence" bigint NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "core_operations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"action" text NOT NULL,
	"status" text NOT NULL,
	"principal_id" text NOT NULL,
	"principal_name" text NOT NULL,
	"request_id" text NOT NULL,
	"target_plugin" text NOT NULL,
	"target_type" text NOT NULL,
	"target_id" text NOT NULL,
	"cluster" text,
	"namespace" text,
	"kind" text,
	"name" text,
	"input" jsonb,
	"idempotency_key" text,
	"error_code" text,
	"error_message" text,
	"result_type" text,
	"result_id" text,
	"writes" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"write_count" integer DEFAULT 0 NOT NULL,
	"steps" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "core_queue" (
	"reconciler" text NOT NULL,
	"key" text NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"wakeups" bigint NOT NULL,
	"holder" text,
	"lease_expires_at" timestamp (3) with time zone,
	"fence" bigint NOT NULL,
	"attempts" integer NOT NULL,
	"last_error" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "core_queue_reconciler_key_pk" PRIMARY KEY("reconciler","key")
);
--> statement-breakpoint
CREATE INDEX "core_idempotency_keys_expiry" ON "core_idempotency_keys" USING btree ("expires_at");
--> statement-breakpoint
CREATE INDEX "core_idempotency_keys_operation" ON "core_idempotency_keys" USING btree ("operation_id");
--> statement-breakpoint
CREATE INDEX "journal_age" ON "journal" USING btree ("stream","created_at");
--> statement-breakpoint
CREATE INDEX "core_operations_newest" ON "core_operations" USING btree ("created_at","id");
--> statement-breakpoint
CREATE INDEX "core_operations_place" ON "core_operations" USING btree ("cluster","namespace","created_at");
--> statement-breakpoint
CREATE INDEX "core_operations_target" ON "core_operations" USING btree ("target_id","created_at");
--> statement-breakpoint
CREATE INDEX "core_operations_operator" ON "core_operations" USING btree ("principal_id","created_at");
--> statement-breakpoint
CREATE INDEX "core_operations_pending" ON "core_operations" USING btree ("created_at") WHERE status = 'PENDING';
--> statement-breakpoint
CREATE INDEX "core_queue_due" ON "core_queue" USING btree ("reconciler","due_at");
