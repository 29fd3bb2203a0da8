CREATE TABLE "compute_cluster_changes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"cluster" text NOT NULL,
	"namespace" text NOT NULL,
	"name" text NOT NULL,
	"uid" text,
	"workspace_id" uuid,
	"plan" jsonb NOT NULL,
	"phase" text NOT NULL,
	"attempt" integer NOT NULL,
	"passed_at" timestamp (3) with time zone,
	"rollback_at" timestamp (3) with time zone,
	"cancelled_at" timestamp (3) with time zone,
	"problem" text,
	"ended_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "compute_cluster_changes_open" ON "compute_cluster_changes" USING btree ("cluster","namespace","name",(kind = 'DELETE')) WHERE ended_at is null;
