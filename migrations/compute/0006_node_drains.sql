CREATE TABLE "compute_node_drains" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cluster" text NOT NULL,
	"node" text NOT NULL,
	"node_uid" text NOT NULL,
	"was_schedulable" boolean NOT NULL,
	"options" jsonb NOT NULL,
	"pods" jsonb NOT NULL,
	"attempt" integer NOT NULL,
	"was_empty" boolean NOT NULL,
	"passed_at" timestamp (3) with time zone,
	"cancelled_at" timestamp (3) with time zone,
	"uncordons" boolean,
	"problem" text,
	"ended_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "compute_node_drains_open" ON "compute_node_drains" USING btree ("cluster","node") WHERE ended_at is null;
