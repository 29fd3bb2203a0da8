CREATE TABLE "core_ended_sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"digest" text NOT NULL,
	"principal_id" text NOT NULL,
	"ended_by" text NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "core_impersonations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"digest" text NOT NULL,
	"principal_id" text NOT NULL,
	"principal_name" text NOT NULL,
	"impersonator_id" text NOT NULL,
	"impersonator_name" text NOT NULL,
	"impersonator_session" uuid,
	"reason" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"ended_by" text,
	"is_end_recorded" boolean NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "core_service_tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"digest" text NOT NULL,
	"owner_id" text NOT NULL,
	"owner_name" text NOT NULL,
	"scope" jsonb NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	"last_used_from" text,
	"revoked_at" timestamp (3) with time zone,
	"revoked_by" text,
	"version" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "core_sessions" (
	"id" uuid NOT NULL,
	"replica" text NOT NULL,
	"digest" text,
	"principal_id" text NOT NULL,
	"principal_name" text NOT NULL,
	"method" text NOT NULL,
	"impersonator_id" text,
	"impersonator_name" text,
	"address" text,
	"user_agent" text,
	"open_streams" integer NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "core_sessions_id_replica_pk" PRIMARY KEY("id","replica")
);
--> statement-breakpoint
CREATE TABLE "core_sign_in_revision" (
	"id" integer PRIMARY KEY NOT NULL,
	"revision" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "core_users" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"method" text NOT NULL,
	"groups" jsonb NOT NULL,
	"roles" jsonb NOT NULL,
	"namespaces" jsonb NOT NULL,
	"last_seen_at" timestamp (3) with time zone,
	"disabled_at" timestamp (3) with time zone,
	"disabled_by" text,
	"disabled_reason" text,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "core_operations" ADD COLUMN "owner_id" text;
--> statement-breakpoint
ALTER TABLE "core_operations" ADD COLUMN "owner_name" text;
--> statement-breakpoint
CREATE INDEX "core_ended_sessions_expiry" ON "core_ended_sessions" USING btree ("expires_at");
--> statement-breakpoint
CREATE UNIQUE INDEX "core_impersonations_digest" ON "core_impersonations" USING btree ("digest");
--> statement-breakpoint
CREATE INDEX "core_impersonations_principal" ON "core_impersonations" USING btree ("principal_id","created_at");
--> statement-breakpoint
CREATE INDEX "core_impersonations_open" ON "core_impersonations" USING btree ("expires_at") WHERE is_end_recorded = false;
--> statement-breakpoint
CREATE UNIQUE INDEX "core_service_tokens_digest" ON "core_service_tokens" USING btree ("digest");
--> statement-breakpoint
CREATE INDEX "core_service_tokens_owner" ON "core_service_tokens" USING btree ("owner_id","created_at");
--> statement-breakpoint
CREATE INDEX "core_service_tokens_expiry" ON "core_service_tokens" USING btree ("expires_at");
--> statement-breakpoint
CREATE INDEX "core_sessions_principal" ON "core_sessions" USING btree ("principal_id","last_seen_at");
--> statement-breakpoint
CREATE INDEX "core_sessions_last_seen" ON "core_sessions" USING btree ("last_seen_at");
--> statement-breakpoint
CREATE INDEX "core_users_last_seen" ON "core_users" USING btree ("last_seen_at");
