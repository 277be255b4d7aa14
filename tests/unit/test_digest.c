// SPDX-License-Identifier: GPL-2.0
/* What "pftop report" says of a recording, against numbers worked ask_out by hand. */

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "digest.h"
#include "fake.h"
#include "sample.h"
#include "schema.h"

#define SCHEMA	"../../Documentation/report.schema.json"
#define GOLDEN	"../golden/report.txt"

static int setup(void **state)
{
	fake_root_setup(state);
	sample_make(0);
	return 0;
}

static void expect_table(const char *table, const char *wanted)
{
	char arguments[64];

	snprintf(arguments, sizeof(arguments), "--csv --table %s", table);
	assert_int_equal(ask_report(arguments), 0);
	assert_string_equal(ask_err, "");
	assert_string_equal(ask_out, wanted);
}

static void test_numbers(void **state)
{
	json_t *json = ask_json("");

	(void)state;
	ask_expect(json, "source",
	       "{\"file\":\"recording\",\"kernel\":\"6.1.0-test\",\"machine\":\"x86_64\",\"cpus\":2,"
	       "\"hook\":\"direct\",\"abi\":\"2.0\",\"start_s\":1700000000.5,"
	       "\"duration_ns\":45000000,\"complete\":true,\"command\":\"./alpha --fast\","
	       "\"pids\":[77,99,300]}");
	ask_expect(json, "totals",
	       "{\"faults\":9,\"minor\":6,\"major\":1,\"invalid\":2,\"fault_ns\":2011450,"
	       "\"records\":9,\"others\":0,\"lost\":23,\"retries\":4,\"filtered\":2}");
	ask_expect(json, "missed",
	       "{\"missed_no_instance\":0,\"missed_reentry\":0,\"missed_table_full\":0,"
	       "\"missed_no_ring\":0}");
	ask_expect(json, "audit", "{\"threads\":80,\"mismatches\":2}");
	ask_expect(json, "dropped",
	       "{\"processes\":0,\"vmas\":0,\"code\":0,\"pages\":0,\"refused\":0,\"heatmaps\":0}");
	ask_expect(json, "timeline",
	       "{\"bin_ns\":10000000,\"minor\":[2,0,1,1,2],\"major\":[0,1,0,0,0],"
	       "\"invalid\":[0,0,0,1,1],\"lost\":[0,5,0,7,11]}");
	assert_non_null(strstr(json_string_value(ask_part(json, "hints.0.text")),
			       "One file explains 99 % of the time in faults: data file"));
	json_decref(json);
}

static void test_schema(void **state)
{
	json_t *schema = json_load_file(SCHEMA, 0, NULL), *json = ask_json("");
	char why[512];

	(void)state;
	assert_non_null(schema);
	schema_hold("report.schema.json", "#", json, " /more ");
	json_object_set_new((json_t *)ask_part(json, "pages.1"), "address", json_integer(5));
	assert_false(schema_check(schema, "#", json, why, sizeof(why)));
	assert_string_equal(why, "/pages/1/address: is no string");
	json_decref(json);
	json_decref(schema);
}

/* A table alone is the same, but for the timeline, with all of its rows. */
static void test_tables(void **state)
{
	json_t *whole = ask_json(""), *json;
	const char *name, *key;
	char arguments[64];
	json_t *schema = json_load_file(SCHEMA, 0, NULL);

	(void)state;
	assert_int_equal(json_object_size(schema_part(schema, "#/$defs/table/properties")),
			 2 + nr_digest_tables);
	json_decref(schema);
	for (unsigned int i = 0; i < nr_digest_tables; i++) {
		name = digest_tables[i].name;
		snprintf(arguments, sizeof(arguments), "--table %s", name);
		json = ask_json(arguments);
		schema_hold("report.schema.json", "#/$defs/table", json, "");
		ask_expect(json, "schema", "\"pftop-table\"");
		key = strcmp(name, "timeline") != 0 ? name : "version";
		assert_true(json_equal(json_object_get(json, key), json_object_get(whole, key)));
		assert_true(json_array_size(json_object_get(json, name)) > 0);
		json_decref(json);
	}
	json_decref(whole);
}

static void test_classes(void **state)
{
	(void)state;
	/* Minor ones: 250 500 1000 2000 3000 4000; the third is in the bucket 960-1023. */
	expect_table("classes",
		     "class,count,ns,mean_ns,p50_ns,p90_ns,p99_ns,max_ns\n"
		     "minor,6,10750,1791,1023,4000,4000,4000\n"
		     "major,1,2000000,2000000,2000000,2000000,2000000,2000000\n"
		     "invalid,2,700,700,700,700,700,700\n");
	expect_table("causes",
		     "class,cause,count,ns,mean_ns,p50_ns,p90_ns,p99_ns,max_ns,meaning\n"
		     "major,file,1,2000000,2000000,2000000,2000000,2000000,2000000,page of a mapped file\n"
		     "minor,zero,4,6250,1562,1023,3000,3000,3000,"
		     "first touch of anonymous memory: a new page of zeroes\n"
		     "minor,cow,1,4000,4000,4000,4000,4000,4000,"
		     "write to a present page of a private mapping: copied or taken over\n"
		     "invalid,past-eof,1,700,700,700,700,700,700,page beyond the end of the mapped file\n"
		     "minor,file,1,500,500,500,500,500,500,page of a mapped file\n"
		     "invalid,null,1,,,,,,,\"no VMA, address below 64 KiB\"\n");
}

static void test_times(void **state)
{
	(void)state;
	expect_table("latency",
		     "class,from_ns,to_ns,count\n"
		     "minor,240,255,1\n"
		     "minor,480,511,1\n"
		     "minor,960,1023,1\n"
		     "minor,1920,2047,1\n"
		     "minor,2816,3071,1\n"
		     "minor,3840,4095,1\n"
		     "major,1966080,2097151,1\n"
		     "invalid,640,703,1\n");
	expect_table("timeline",
		     "from_ns,minor,major,invalid,lost\n"
		     "0,2,0,0,0\n"
		     "10000000,0,1,0,5\n"
		     "20000000,1,0,0,0\n"
		     "30000000,1,0,1,7\n"
		     "40000000,2,0,1,11\n");
}

static void test_processes(void **state)
{
	(void)state;
	expect_table("processes",
		     "pid,ppid,comm,state,minor,major,invalid,minor_ns,major_ns,invalid_ns,top_cause,command\n"
		     "77,50,alpha,alive,3,1,1,6000,2000000,700,zero,./alpha --fast\n"
		     "99,77,beta,exited,2,0,1,4500,0,0,cow,\n"
		     "300,,x\\033;<b>,,1,0,0,250,0,0,zero,\n");
	expect_table("files",
		     "minor,major,invalid,ns,name\n"
		     "1,1,1,2001200,/srv/data file\n"
		     "4,0,0,6250,[heap]\n"
		     "1,0,0,4000,[anon]\n"
		     "0,0,1,0,-\n");
}

/* The write that failed was not the last one: it is asked why all the same. */
static void test_full(void **state)
{
	static const char *const outputs[] = {
		"", "--json", "--folded", "--table pages --csv", "--table pages --json",
		"--table code --json", "--html /dev/full", "--html -",
	};
	char arguments[128];

	(void)state;
	sample_make(500);
	for (size_t i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++) {
		snprintf(arguments, sizeof(arguments),
			 "report recording %s >/dev/full 2>said; echo $? >>said; cat said", outputs[i]);
		assert_int_equal(ask_pftop(arguments), 0);
		assert_non_null(strstr(ask_out, ": No space left on device\n1\n"));
	}
}

/* Standard output by its name, and no file of that name. */
static void test_dash(void **state)
{
	(void)state;
	sample_make(5);
	assert_int_equal(ask_report("--html - >page && test ! -e ./- && head -c 15 page"), 0);
	assert_string_equal(ask_out, "<!DOCTYPE html>");
	assert_int_equal(ask_report("--html - >page && $PFTOP report recording --html file"
				    " && cmp page file"), 0);
}

static json_int_t column_sum(const json_t *json, const char *table, const char *key)
{
	json_int_t sum = 0;
	json_t *row;
	size_t i;

	json_array_foreach(ask_part(json, table), i, row)
		sum += json_integer_value(json_object_get(row, key));
	return sum;
}

/* Whichever way it is cut, it is the same time. */
static void expect_sums(const char *arguments)
{
	static const char *const tables[] = {
		"classes", "causes", "files", "vmas", "code", "pages",
	};
	json_t *json = ask_json(arguments);
	json_int_t sum = json_integer_value(ask_part(json, "totals.fault_ns"));

	assert_true(sum > 0);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		assert_int_equal(column_sum(json, tables[i], "ns"), sum);
	assert_int_equal(column_sum(json, "processes", "minor_ns") +
			 column_sum(json, "processes", "major_ns") +
			 column_sum(json, "processes", "invalid_ns"), sum);
	json_decref(json);
}

static void test_single(void **state)
{
	(void)state;
	assert_int_equal(ask_report("-p 77,99"), 0);
	assert_non_null(strstr(ask_out, "\nleft out   1 record was not asked for\n"));
	assert_int_equal(ask_report("-p 77"), 0);
	assert_non_null(strstr(ask_out, "\nleft out   4 records were not asked for\n"));
}

static void test_sums(void **state)
{
	(void)state;
	expect_sums("");
	expect_sums("-p 77");
	expect_sums("--class invalid");
}

static void test_places(void **state)
{
	(void)state;
	expect_table("vmas",
		     "pid,start,end,perms,minor,major,invalid,ns,p99_ns,top_cause,name\n"
		     "77,0x20000000,0x20100000,r--s,0,1,1,2000700,2000000,file,/srv/data file\n"
		     "77,0x10000000,0x10010000,rw-p,3,0,0,6000,3000,zero,[heap]\n"
		     "99,0x30000000,0x30001000,rw-p,1,0,0,4000,4000,cow,[anon]\n"
		     "99,0x20000000,0x20100000,r--s,1,0,0,500,500,file,/srv/data file\n"
		     "300,0x10000000,0x10010000,rw-p,1,0,0,250,250,zero,[heap]\n"
		     "99,,,-,0,0,1,0,,null,no mapping\n");
	expect_table("pages",
		     "pid,address,count,minor,major,invalid,ns,last_cause,name\n"
		     "77,0x20000000,1,0,1,0,2000000,file,/srv/data file\n"
		     "99,0x30000000,1,1,0,0,4000,cow,[anon]\n"
		     "77,0x10000000,2,2,0,0,3000,zero,[heap]\n"
		     "77,0x10001000,1,1,0,0,3000,zero,[heap]\n"
		     "77,0x20001000,1,0,0,1,700,past-eof,/srv/data file\n"
		     "99,0x20001000,1,1,0,0,500,file,/srv/data file\n"
		     "300,0x10000000,1,1,0,0,250,zero,[heap]\n"
		     "99,0x0,1,0,0,1,0,null,-\n");
}

/* What is known of the code is this program's own: by the build id, in its symbols. */
static void test_code(void **state)
{
	json_t *json = ask_json("--table code");
	char ip[32];

	(void)state;
	assert_int_equal(json_array_size(ask_part(json, "code")), 6);
	ask_expect(json, "code.0.ip", "\"0x5000\"");
	ask_expect(json, "code.0.ns", "2000700");
	ask_expect(json, "code.0.invalid", "1");
	ask_expect(json, "code.0.symbol", "null");
	ask_expect(json, "code.0.offset", "null");
	snprintf(ip, sizeof(ip), "\"0x%lx\"", (unsigned long)sample_marker + 1);
	ask_expect(json, "code.1.ip", ip);
	ask_expect(json, "code.1.symbol", "\"sample_marker\"");
	ask_expect(json, "code.1.offset", "1");
	ask_expect(json, "code.1.minor", "3");
	ask_expect(json, "code.1.top_cause", "\"zero\"");
	ask_expect(json, "code.1.comm", "\"alpha\"");
	assert_non_null(strstr(json_string_value(ask_part(json, "code.1.source")), "sample.c:"));
	assert_non_null(strstr(json_string_value(ask_part(json, "code.1.file")), "/test_digest"));
	/* Of process 99 no mappings are known. */
	ask_expect(json, "code.2",
	       "{\"pid\":99,\"comm\":\"beta\",\"ip\":null,\"minor\":1,\"major\":0,\"invalid\":0,"
	       "\"ns\":4000,\"top_cause\":\"cow\",\"symbol\":null,\"offset\":null,\"source\":null,"
	       "\"file\":null}");
	/* The same address as above, but nobody knows what process 300 had there. */
	ask_expect(json, "code.4.pid", "300");
	ask_expect(json, "code.4.ip", ip);
	ask_expect(json, "code.4.symbol", "null");
	json_decref(json);
}

/* A bin is 2^20 ns wide, so 12 ms are in the eleventh, and a page high. */
static void test_heatmap(void **state)
{
	json_t *json = ask_json("");

	(void)state;
	assert_int_equal(json_array_size(ask_part(json, "heatmaps")), 3);
	ask_expect(json, "heatmaps.0",
	       "{\"pid\":77,\"comm\":\"alpha\",\"bin_ns\":1048576,\"bin_bytes\":4096,"
	       "\"regions\":[{\"start\":\"0x10000000\",\"end\":\"0x10002000\",\"name\":\"[heap]\"},"
	       "{\"start\":\"0x20000000\",\"end\":\"0x20002000\",\"name\":\"/srv/data file\"}],"
	       "\"cells\":[[0,0,0,1,0,0],[0,0,1,1,0,0],[11,1,0,0,1,0],[39,0,0,1,0,0],"
	       "[42,1,1,0,0,1]]}");
	json_decref(json);
}

static void test_refused(void **state)
{
	(void)state;
	expect_table("refused",
		     "time_ns,pid,tid,comm,address,access,cause,ip,symbol,file,why\n"
		     "45000000,77,77,alpha,0x20001000,r,past-eof,0x5000,,,"
		     "data file has no page at 4 KiB: it ends before\n"
		     "30000000,99,99,beta,0x8,r,null,0x400010,,,NULL + 0x8\n");
}

static void test_folded(void **state)
{
	(void)state;
	assert_int_equal(ask_report("--folded"), 0);
	assert_string_equal(ask_out,
			    "alpha;file;? 1\n"
			    "alpha;past-eof;? 1\n"
			    "alpha;zero;sample_marker 3\n"
			    "beta;cow;[kernel] 1\n"
			    "beta;file;? 1\n"
			    "x\\033\\073<b>;zero;? 1\n"
			    "beta;null;? 1\n");
}

/* All that a person sees, but for addresses of this program. UPDATE=1 writes it anew. */
static void test_text(void **state)
{
	static char golden[ASK_MAX];
	FILE *file;

	(void)state;
	assert_int_equal(ask_report("--table code"), 0);
	assert_non_null(strstr(ask_out, " zero:100%      sample_marker+0x1 (sample.c:"));
	assert_int_equal(ask_report("-n 2 -p 99,300"), 0);
	assert_string_equal(ask_err, "");
	if (getenv("UPDATE")) {
		file = fopen(GOLDEN, "w");
		assert_non_null(file);
		fputs(ask_out, file);
		fclose(file);
	}
	ask_file(GOLDEN, golden);
	assert_string_equal(ask_out, golden);
}

/* Sums of what the filters let through; all else is told. */
static void test_filters(void **state)
{
	json_t *json = ask_json("-p 99");

	(void)state;
	ask_expect(json, "totals.faults", "3");
	ask_expect(json, "totals.others", "6");
	ask_expect(json, "totals.fault_ns", "4500");
	/* Losses are of any process: none of them goes unsaid. */
	ask_expect(json, "totals.lost", "23");
	ask_expect(json, "timeline.lost", "[0,5,0,7,11]");
	ask_expect(json, "processes.0.pid", "99");
	assert_int_equal(json_array_size(ask_part(json, "processes")), 1);
	json_decref(json);
	json = ask_json("--file 'data*' --class minor,major");
	ask_expect(json, "totals.faults", "2");
	ask_expect(json, "totals.fault_ns", "2000500");
	json_decref(json);
	json = ask_json("-C worker");
	ask_expect(json, "totals.faults", "1");
	ask_expect(json, "pages.0.address", "\"0x10001000\"");
	json_decref(json);
	json = ask_json("--cause swap");
	ask_expect(json, "totals.faults", "0");
	ask_expect(json, "hints", "[]");
	json_decref(json);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, fake_root_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_numbers),
		TEST(test_schema),
		TEST(test_tables),
		TEST(test_classes),
		TEST(test_times),
		TEST(test_processes),
		TEST(test_full),
		TEST(test_dash),
		TEST(test_sums),
		TEST(test_single),
		TEST(test_places),
		TEST(test_code),
		TEST(test_heatmap),
		TEST(test_refused),
		TEST(test_folded),
		TEST(test_text),
		TEST(test_filters),
	};

	return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
