# The collector as we build it: Debian's source of bdwgc, in which a few places ask about runs (runs.h) before they take several blocks
# for one object. libgc_edited(FROM TO) writes it; where an edit's text is not there as often as it should be, the source is another one, which is an error.

function(libgc_edit_all file times old new)
  file(READ ${file} text)
  string(REPLACE "${old}" "" rest "${text}")
  string(LENGTH "${text}" before)
  string(LENGTH "${rest}" after)
  string(LENGTH "${old}" each)
  math(EXPR found "(${before} - ${after}) / ${each}")
  if(NOT found EQUAL times)
    message(FATAL_ERROR "${file}: there ${found} times, not ${times}: ${old}")
  endif()
  string(REPLACE "${old}" "${new}" text "${text}")
  file(WRITE ${file} "${text}")
endfunction()
function(libgc_edit file old new)
  libgc_edit_all(${file} 1 "${old}" "${new}")
endfunction()

function(libgc_edits at)
  # Which object of a run a pointer leads to, and whether there is one.
  libgc_edit(${at}/include/private/gc_pmark.h "        gran_displ = 0;\n"
    "        gran_displ = 0;
        if (IS_RUN(hhdr)) {
          gran_displ = RUN_NUMBER(hhdr, obj_displ);
          if (RUN_LACKS(hhdr, gran_displ)) break;
          base = RUN_OBJECT(hhdr, gran_displ);
        }\n")
  # A run ends where its blocks do; what points into a later block is cached, since the objects are looked at one by one.
  libgc_edit(${at}/headers.c "p - current >= (ptrdiff_t)(hhdr->hb_sz)" "p - current >= (ptrdiff_t)(IS_RUN(hhdr) ? RUN_EXTENT(hhdr) : hhdr->hb_sz)")
  libgc_edit(${at}/headers.c "      GC_ASSERT(hhdr == 0 || !HBLK_IS_FREE(hhdr));\n"
    "      if (hhdr != 0 && IS_RUN(hhdr)) {
        hce -> block_addr = (word)(p) >> LOG_HBLKSIZE;
        hce -> hce_hdr = hhdr;
      }\n")
  # A walk over all blocks waits for memory with each header: those that come next but few are fetched.
  libgc_edit(${at}/headers.c "        for (j = BOTTOM_SZ-1; j >= 0;) {
            if (!IS_FORWARDING_ADDR_OR_NIL(index_p->index[j])) {
                if (!HBLK_IS_FREE"
    "        for (j = BOTTOM_SZ-1; j >= 0;) {
            if (j >= 8 && !IS_FORWARDING_ADDR_OR_NIL(index_p->index[j - 8])) {
                PREFETCH(index_p->index[j - 8]);
                PREFETCH((ptr_t)index_p->index[j - 8] + 64);
            }
            if (!IS_FORWARDING_ADDR_OR_NIL(index_p->index[j])) {
                if (!HBLK_IS_FREE")
  # Free blocks that a snapshot withholds are in no list: no other is joined with them.
  libgc_edit(${at}/allchblk.c "          if (0 != nexthdr && HBLK_IS_FREE(nexthdr)\n" "          if (0 != nexthdr && HBLK_IS_FREE(nexthdr) && !IS_WITHHELD(nexthdr)\n")
  libgc_edit(${at}/allchblk.c "      if(0 != nexthdr && HBLK_IS_FREE(nexthdr) && IS_MAPPED(nexthdr)\n"
    "      if(0 != nexthdr && HBLK_IS_FREE(nexthdr) && !IS_WITHHELD(nexthdr) && IS_MAPPED(nexthdr)\n")
  libgc_edit(${at}/allchblk.c "        if (IS_MAPPED(prevhdr)\n" "        if (IS_MAPPED(prevhdr) && !IS_WITHHELD(prevhdr)\n")
  # The start of an object, its size and kind, its mark, what it refers to.
  libgc_edit(${at}/misc.c "    if (HBLK_IS_FREE(candidate_hdr)) return(0);\n"
    "    if (HBLK_IS_FREE(candidate_hdr)) return(0);
    if (IS_RUN(candidate_hdr)) return run_base(candidate_hdr, p);\n")
  foreach(file misc.c mallocx.c finalize.c)
    libgc_edit(${at}/${file} "hdr * hhdr = HDR(p);" "hdr * hhdr = run_header(p);")
  endforeach()
  libgc_edit(${at}/finalize.c "GC_push_obj(p, HDR(p)," "GC_push_obj(p, run_header(p),")
  libgc_edit(${at}/finalize.c "GET_HDR(obj, hhdr);" "hhdr = run_header(obj);")
  libgc_edit_all(${at}/mark.c 3 "word bit_no = MARK_BIT_NO((ptr_t)p - (ptr_t)h, hhdr -> hb_sz);" "word bit_no = run_mark(p, &hhdr);")
  libgc_edit(${at}/mark.c "NULL == (hhdr = GC_find_header((ptr_t)GC_base(obj)))" "NULL == GC_base(obj) || NULL == (hhdr = run_header(obj))")
  libgc_edit(${at}/mark.c "(hhdr = HDR(r)) == NULL" "(hhdr = run_header(r)) == NULL")
  libgc_edit(${at}/mark.c "    switch(BYTES_TO_GRANULES(sz)) {\n"
    "    if (IS_RUN(hhdr)) {
        run_push_marked(hhdr);
        return;
    }
    switch(BYTES_TO_GRANULES(sz)) {\n")
  # Sweeping, and a walk over what is marked.
  # Black-listed pages may be so many that few places are left for a block of a size: then it is put anywhere. A program whose data looks
  # like pointers into the heap's surroundings searched all free memory for each object, in vain, and took more.
  libgc_edit(${at}/blacklst.c "struct hblk * GC_is_black_listed(struct hblk *h, word len)
{
    word index = PHT_HASH((word)h);
    word i;
    word nblocks;
" "static GC_bool too_many_black_listed(word len)
{
    static word at, apart; /* pages; with the lock held */
    word i, found = 1;

    if (apart == 0 || at != GC_gc_no) { /* else they are as they were */
      at = GC_gc_no;
      for (i = 0; i < PHT_SIZE; i++)
        found += (word)__builtin_popcountll(GC_old_stack_bl[i] | GC_incomplete_stack_bl[i]);
      apart = PHT_ENTRIES / found;
    }
    return divHBLKSZ(len) > apart;
}

struct hblk * GC_is_black_listed(struct hblk *h, word len)
{
    word index = PHT_HASH((word)h);
    word i;
    word nblocks;

    if (len > HBLKSIZE && too_many_black_listed(len)) return 0;
")
  libgc_edit(${at}/reclaim.c "      GC_atomic_in_use = 0;\n" "      GC_atomic_in_use = 0;\n      runs_forget();\n")
  libgc_edit(${at}/reclaim.c "    if( sz > MAXOBJBYTES ) {  /* 1 big object */\n"
    "    if (IS_RUN(hhdr)) {
        run_reclaim(hhdr);
        return;
    }
    if( sz > MAXOBJBYTES ) {\n")
  libgc_edit(${at}/reclaim.c "  p = hbp->hb_body;\n  if (sz > MAXOBJBYTES) { /* one big object */\n"
    "  if (IS_RUN(hhdr)) {
    struct enumerate_reachable_s *to = (struct enumerate_reachable_s *)ped;
    run_enumerate(hhdr, to->proc, to->client_data);
    return;
  }
  p = hbp->hb_body;
  if (sz > MAXOBJBYTES) {\n")
endfunction()

# Files that stay as they are keep their times.
function(libgc_edited from to)
  set(made ${CMAKE_CURRENT_BINARY_DIR}/libgc.new)
  file(REMOVE_RECURSE ${made})
  file(GLOB sources ${from}/*.c)
  file(COPY ${sources} ${from}/include DESTINATION ${made})
  libgc_edits(${made})
  file(GLOB_RECURSE files RELATIVE ${made} ${made}/*.c ${made}/*.h)
  foreach(file ${files})
    configure_file(${made}/${file} ${to}/${file} COPYONLY)
  endforeach()
  file(REMOVE_RECURSE ${made})
endfunction()
