CREATE TABLE "compute_applications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"workspace_id" uuid,
	"cluster" text,
	"namespace" text,
	"alias" text NOT NULL,
	"description" text NOT NULL,
	"owner" text,
	"tech_stack" text,
	"tech_stack_version" text,
	"has_code_repository" boolean NOT NULL,
	"has_other_information" boolean NOT NULL,
	"phase" text NOT NULL,
	"observed" jsonb,
	"version" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE UNIQUE INDEX "compute_applications_name" ON "compute_applications" USING btree (coalesce(workspace_id::text, ''),coalesce(cluster, ''),coalesce(namespace, ''),"name") WHERE deleted_at is null;
--> statement-breakpoint
CREATE INDEX "compute_applications_place" ON "compute_applications" USING btree ("cluster","namespace");
--> statement-breakpoint
CREATE INDEX "compute_applications_workspace" ON "compute_applications" USING btree ("workspace_id");
