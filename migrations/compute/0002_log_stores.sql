CREATE TABLE "compute_log_stores" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"project_id" uuid NOT NULL,
	"workspace_id" uuid,
	"description" text NOT NULL,
	"retention_days" integer NOT NULL,
	"shards" integer NOT NULL,
	"version" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE UNIQUE INDEX "compute_log_stores_name" ON "compute_log_stores" USING btree ("project_id","name") WHERE deleted_at is null;
--> statement-breakpoint
CREATE INDEX "compute_log_stores_workspace" ON "compute_log_stores" USING btree ("workspace_id");
